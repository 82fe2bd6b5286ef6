import ballerina/persist as _;
import persist/db;

enum Mood { GOOD, BAD }
type Customer record {| readonly int id; string name; Mood mood; |};

# Counts what comes.
@db:Object {kind: "function", name: "count(integer)", schema: "s", dependsOn: ["Mood", "Customer"], options: {owner: "ann", strict: true}}
@db:Was {name: "counted"}
const string countAll = string `CREATE FUNCTION s.count(n integer) RETURNS int AS $$
BEGIN
	-- ${"`"} ${"$"}{ ${"\r"} ${ "\u{202E}" } $ \n "quoted" 'x'  

public type Fake record {|
END $$`; // behind
@db:Object {kind: "view", name: "v", 'on: "countAll"}
@db:Comment {value: "ends in a blank "}
const 'order = "SELECT" + string ` 1`;
@db:Object {kind: "extension", name: "citext"}
public const string citext = string ``;
