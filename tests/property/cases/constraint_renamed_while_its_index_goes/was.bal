import ballerina/persist as _;
import ballerina/time;
import ballerinax/persist.sql;
import persist/db;

// The foreign key has to be made again for its name, not only for the unique index that it loses.
public type Customer record {|
    @sql:UniqueIndex {name: ["ix"]}
    readonly int id;
    Entry? entry;
|};

public type Entry record {|
    readonly int id;
    @sql:Relation {}
    Customer? customer;
|};
