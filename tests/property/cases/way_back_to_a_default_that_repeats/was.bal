import ballerina/persist as _;
import ballerina/time;
import persist/db;

@db:Unique {name: "one_a_moment", keys: ["place", "at"]}
public type Event record {|
    readonly int id;
    boolean place;
    @db:Default {value: "CURRENT_TIMESTAMP"}
    time:Civil at;
|};
