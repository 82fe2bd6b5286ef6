import ballerina/persist as _;
import ballerinax/persist.sql;
import persist/db;
public type Car record {|
    readonly int id;
    @db:Type {value: "JSON"}
    @db:Was {name: "a"}
    string? b;
|};
