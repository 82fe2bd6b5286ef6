// persist snapshot 2
import ballerina/persist as _;
