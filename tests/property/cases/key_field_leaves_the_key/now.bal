import ballerina/persist as _;
import ballerina/time;
import ballerinax/persist.sql;
import persist/db;

public type Address record {|
    int number;
    readonly int row;
    Car[] cars;
|};

public type Car record {|
    readonly int id;
    @db:Reference {onDelete: "CASCADE"}
    Address? address;
|};
