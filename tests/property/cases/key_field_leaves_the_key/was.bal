import ballerina/persist as _;
import ballerina/time;
import ballerinax/persist.sql;
import persist/db;

// The columns of "address" follow the key fields that they point to: number goes, row stays, and is no rename of number.
public type Address record {|
    readonly int number;
    readonly int row;
    Car[] cars;
|};

public type Car record {|
    readonly int id;
    @db:Reference {onDelete: "CASCADE"}
    Address? address;
|};
