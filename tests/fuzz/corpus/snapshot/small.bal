// persist snapshot 1
import ballerina/persist as _;

public type A record {|
    readonly int id;
    string? name;
|};
