import ballerina/persist as _;
import ballerina/time;
import ballerinax/persist.sql;
import persist/db;

// On the way back the cars point to addresses that came back without rows: it is graded none.
public type Address record {|
    readonly int id;
    Car[] cars;
|};

public type Car record {|
    readonly int id;
    @sql:Relation {keys: ["id"]}
    Address address;
|};
