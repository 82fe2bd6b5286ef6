// persist snapshot 1
import ballerina/persist as _;
import ballerina/time;
import ballerinax/persist.sql;
import persist/db;

# How somebody feels.
@db:Enum {name: "mood", schema: "shop"}
public enum Mood {
    # Fine.
    GOOD,
    BAD = "not so \"good\"",
    'null = ""
}

@db:NoKey
@db:Unique {keys: ["iso"]}
public type Country record {|
    string iso;
|};

# A customer.
#
# Second paragraph, with "quotes" and `signs`.
@sql:Name {value: "customers"}
@sql:Schema {value: "shop"}
@db:Key {name: "customers_pk", keys: ["code", "region"], options: {fillfactor: 70}}
@db:Unique {name: "customers_mail", keys: ["email"], nulls: "not distinct", using: "btree", include: ["name"], deferrable: "deferred", comment: "one each", options: {fillfactor: 90}}
@db:Index {name: "customers_name", keys: [{expression: "lower(name)", direction: "desc", nulls: "last", opclass: "text_pattern_ops", collation: "C"}], unique: true, nulls: "not distinct", using: "btree", 'where: "name <> ''", include: ["email"], comment: "by name", options: {fillfactor: 80, "odd key": "x"}}
@db:Index {keys: [{'field: "name", prefix: 10}]}
@db:Check {name: "customers_name_given", value: "name <> '\\'", validated: false}
@db:Check {value: "visits >= 0"}
@db:Exclude {name: "customers_span", using: "gist", value: "span WITH &&", 'where: "visits > 0", deferrable: "immediate"}
@db:Table {engine: "InnoDB", charset: "utf8mb4", collation: "utf8mb4_bin", rowFormat: "DYNAMIC", tablespace: "fast", partitionBy: "HASH (code)", strict: true, withoutRowid: true, unlogged: true, options: {autovacuum_enabled: false}}
public type Customer record {|
    @sql:Char {length: 2}
    readonly string region;
    readonly int code;
    # What we call them.
    @sql:Varchar {length: 120}
    @sql:Index {name: ["name_and_visits", "name_first"]}
    string name;
    @sql:Index {name: "name_and_visits"}
    @db:Default {literal: "0"}
    int visits;
    @sql:UniqueIndex
    @db:Charset {value: "ascii"}
    @db:Collation {value: "ascii_bin"}
    string? email;
    @db:Type {value: "tstzrange"}
    @db:Options {invisible: true, storage: "external"}
    string? span;
    @sql:Decimal {precision: [12, 2]}
    decimal? balance;
    float? rate;
    boolean active;
    byte[]? photo;
    time:Date? born;
    time:TimeOfDay? wakes;
    @db:Default {value: "now()"}
    @db:OnUpdate {value: "now()"}
    time:Utc seen;
    time:Civil? met;
    @db:Computed {value: "visits * 2", stored: true}
    int doubled;
    @db:Identity {always: true, 'start: 100, increment: 10}
    int serial;
    @db:Comment {value: "ends in a blank \ttab \u{7} bell"}
    string? 'order;
    @sql:Name {value: "größe in cm"}
    int? größe;
    int? 'a\-b;
    Mood mood;
    Mood? second;
    Invoice[] invoices;
    Invoice[] sentInvoices;
    @sql:Relation
    Customer? mentor;
    Customer? pupil;
|};

@db:ForeignKey {name: "invoice_country", keys: ["country"], entity: "Country", to: ["iso"], onDelete: "RESTRICT", onUpdate: "CASCADE", deferrable: "deferred", 'match: "full", validated: false}
public type Invoice record {|
    @sql:Generated
    readonly int id;
    string country;
    string? receiptNumber;
    # Who pays.
    @db:Inverse {'field: "sentInvoices"}
    @db:Reference {name: "invoice_payer", onDelete: "CASCADE", onUpdate: "NO ACTION", deferrable: "immediate", 'match: "full", validated: false}
    Customer payer;
    @db:Inverse {'field: "invoices"}
    @db:Reference {onDelete: "SET NULL"}
    Customer? sender;
    Invoice? follows;
    Invoice[] followers;
    @sql:Relation {keys: ["receiptNumber"]}
    Receipt? receipt;
|};

public type Receipt record {|
    readonly string number;
    Invoice? invoice;
|};
