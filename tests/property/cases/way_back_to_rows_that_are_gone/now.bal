import ballerina/persist as _;
import ballerina/time;
import ballerinax/persist.sql;
import persist/db;

public type Car record {|
    readonly int id;
|};
