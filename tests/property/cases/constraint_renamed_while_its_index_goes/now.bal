import ballerina/persist as _;
import ballerina/time;
import ballerinax/persist.sql;
import persist/db;

public type Customer record {|
    readonly int id;
    Entry? entry;
|};

public type Entry record {|
    readonly int id;
    @sql:Relation {}
    @db:Reference {name: "the customer"}
    Customer? customer;
|};
