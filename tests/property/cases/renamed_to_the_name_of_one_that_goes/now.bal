import ballerina/persist as _;
import ballerina/time;
import ballerinax/persist.sql;
import persist/db;

public type Car record {|
    @db:Was {name: "id"}
    readonly int code;
    Row? row;
|};

public type Row record {|
    readonly int id;
    @db:Reference {onDelete: "CASCADE", onUpdate: "CASCADE"}
    Car car;
|};
