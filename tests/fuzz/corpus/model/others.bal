import ballerina/persist as _;

public function main() {
    string s = "}";
    string t = `}`;
}
const map<int> c = {a: 1};
class X { function y() {} }
@db:Object {kind: "view"}
const string v = string `select`;
type T int;
type A record {| readonly int id; |};
