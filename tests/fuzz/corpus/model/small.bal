import ballerina/persist as _;

public type A record {|
    readonly int id;
|};
