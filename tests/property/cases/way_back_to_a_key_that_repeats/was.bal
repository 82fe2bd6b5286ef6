import ballerina/persist as _;
import ballerina/time;
import ballerinax/persist.sql;
import persist/db;

// On the way back every row would get the same key from the default: it is graded none.
public type Check record {|
    @db:Default {literal: "-"}
    readonly string title;
    int amount;
|};
