import ballerina/persist as _;
import ballerina/time;
import ballerinax/persist.sql;
import persist/db;

public type Check record {|
    readonly int amount;
|};
