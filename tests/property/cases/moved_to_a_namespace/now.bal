import ballerina/persist as _;
import ballerinax/persist.sql;

// The namespace is there because of Car, which is not touched.
@sql:Schema {value: "billing"}
public type Car record {|
    readonly int id;
|};

@sql:Schema {value: "billing"}
public type Address record {|
    readonly int id;
|};
