import ballerina/persist as _

type A record {|
    readonly int id
    string name;
    int ;
    @sql:Name {value "x"}
    string b;

type B {|
    int id;
|};
enum E {
    A
    B
