import ballerina/persist as _;
import persist/db;

@db:Object {kind: "view", name: "a"}
const string a = string `${"x"}${"\"}"}${"`"}${"}"}${1}${"a" + "b"}${{}}${string `n`}`;
@db:Object {kind: "view", name: "b"}
const string b = string `${"open`;
@db:Object {kind: "view", name: "c"}
const string = string ${;
