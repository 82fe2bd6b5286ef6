/* The mirror of script_print(): the text of up.sql or down.sql as statements again. What was printed reads back as the same statements, and
 * so does a script that a person edited with care: comments, blank lines and other spacing mean nothing. */
#ifndef PERSIST_SCRIPT_READ_H
#define PERSIST_SCRIPT_READ_H

#include "dialect.h"

/* Appends the statements of SOURCE to SCRIPT: text, reason (the first comment line in front), lock and probe as printed, batch, line,
 * outside_transaction (not between BEGIN and COMMIT), guard (PRAGMA foreign_key_check), session. BEGIN, COMMIT and DELIMITER are the frame
 * and no statements; the preamble's are statements like others. A text that is cut in a quote, a comment or a transaction, and a ROLLBACK or
 * SAVEPOINT is reported at its line. 0, or -1. */
int script_read(struct source *source, const struct dialect *dialect, struct script *script, struct diag *diag);

#endif
