import ballerina/persist as _;
import ballerinax/persist.sql;
import persist/db;

public enum Status {
    OPEN,
    PAID,
    VOID
}

@sql:Name {value: "customer"}
public type Customer record {|
    readonly int id;
    string name;
    string? email; // for reminders
    Invoice[] invoices;
|};

@sql:Name {value: "invoice"}
@db:Check {name: "amount_positive", value: "amount > 0"}
public type Invoice record {|
    readonly int id;
    string number;
    string? note; // by hand
    @sql:Index
    int due;
    int amount; // in cents
    Status status;
    Customer customer;
    Line[] lines;
|};

@sql:Name {value: "line"}
public type Line record {|
    readonly int id;
    int pieces;
    int price;
    Invoice invoice;
|};

@sql:Name {value: "tag"}
public type Tag record {|
    readonly int id;
    string word;
|};

@db:Object {kind: "view", name: "big", dependsOn: ["Invoice"]}
const string big = string `SELECT number FROM invoice WHERE amount > 9`;
