import ballerina/persist as _;
import persist/db;

@db:Object {kind: "view", name: "a", dependsOn: ["b", "a"]}
const string a = string `a`;
@db:Object {kind: "view", name: "b", dependsOn: ["a"]}
const string b = string `b`;
