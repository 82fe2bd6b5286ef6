import ballerina/persist as _;
import ballerina/time;
import ballerinax/persist.sql;
import persist/db;

// Filling "owner" is no change of the row by somebody: "changed" stays as it is.
public type Car record {|
    readonly int id;
    @db:OnUpdate {value: "CURRENT_TIMESTAMP"}
    time:Utc changed;
|};
