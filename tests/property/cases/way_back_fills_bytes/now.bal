import ballerina/persist as _;
import persist/db;

@db:Table {strict: true}
public type Picture record {|
    readonly int id;
|};
