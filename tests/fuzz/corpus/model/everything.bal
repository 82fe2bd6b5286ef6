// A file with all that the language has.
import ballerina/persist as _;
import ballerina/time;
import ballerinax/persist.sql;
import ballerina/constraint;
import persist/db;

# Colors
@db:Enum {name: "color", schema: "app"}
@db:Was {name: "Colour"}
public enum Color {
    # warm
    RED,
    @db:Was {name: "GRUEN"}
    GREEN = "gr\u{FC}n" // not red
}

@sql:Name {value: "users"}
@sql:Schema {value: "app"}
@db:Key {name: "pk_users", keys: ["tenant", "id"], options: {fillfactor: 70}}
@db:Unique {name: "uq_mail", keys: ["mail"], nulls: "not distinct", deferrable: "deferred"}
@db:Index {name: "ix_low", keys: [{expression: "lower(mail)", direction: "desc", nulls: "last"}, {'field: "note", prefix: 10, opclass: "text_ops", collation: "C"}], using: "btree", 'where: "note IS NOT NULL", include: ["born"], options: {fillfactor: "70"}}
@db:Check {name: "ck_age", value: "age > 0", validated: false}
@db:Exclude {name: "ex", using: "gist", value: "room WITH =", 'where: "active", deferrable: "immediate"}
@db:Table {engine: "InnoDB", charset: "utf8mb4", collation: "utf8mb4_bin", rowFormat: "DYNAMIC", tablespace: "ts", partitionBy: "HASH (id)", strict: true, withoutRowid: true, unlogged: true, options: {autoIncrement: 7}}
public type User record {|
    readonly int id;
    readonly string tenant;
    @constraint:String {maxLength: 100}
    string mail; // where to write
    @sql:Char {length: 3}
    @db:Default {literal: "x"}
    string? note;
    @db:Default {value: string `now()`}
    @db:OnUpdate {value: "now()"}
    time:Utc seen;
    @db:Comment {value: "two\n\nlines "}
    time:Date born;
    time:TimeOfDay? wakes;
    time:Civil made;
    @sql:Decimal {precision: [10, 2]}
    decimal amount;
    float ratio;
    @db:Computed {value: "amount * ratio", stored: true}
    float? product;
    @db:Identity {always: true, 'start: 5, increment: 2}
    int? counter;
    @db:Type {value: "jsonb"}
    @db:Collation {value: "C"}
    @db:Charset {value: "utf8"}
    @db:Options {invisible: true, storage: "external", "odd key": "1"}
    string data;
    byte[] picture;
    boolean active;
    Color? color;
    Car[] cars;
    Car? drives;
|};

@db:ForeignKey {name: "fk_any", keys: ["plate"], entity: "Car", onDelete: "CASCADE"}
public type Car record {|
    @sql:Generated
    readonly int id;
    @sql:Index {name: ["a", "b"]}
    string plate;
    @sql:UniqueIndex
    @sql:Index {name: "b"}
    int 'order;
    @db:Reference {name: "fk_owner", onDelete: "SET NULL", onUpdate: "NO ACTION", deferrable: "immediate", 'match: "full", validated: false}
    User? owner;
    User driver;
    Car? spare;
    Car[] spareOf;
|};
// the end
