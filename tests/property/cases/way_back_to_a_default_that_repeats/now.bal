import ballerina/persist as _;

public type Event record {|
    readonly int id;
    boolean place;
|};
