import ballerina/persist as _;
import ballerinax/persist.sql;
import persist/db;

public type A record {|
    readonly int id;
    @db:Inverse {'field: "second"}
    B one;
    B two;
    A? up;
    A[] down;
    A? next;
    @sql:Relation
    A? before;
|};

public type B record {|
    readonly int id;
    readonly string code;
    A[] first;
    A? second;
|};
