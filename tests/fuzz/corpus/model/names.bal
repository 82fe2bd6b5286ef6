import ballerina/persist as _;
import persist/db;

public type 'a\ b\u{2028} record {|
    readonly int '1;
    string 'string;
    # aä
    string ä€😀;
    @db:Default {literal: "\u{202E}\\\"\t\r\n"}
    string last;
|};
