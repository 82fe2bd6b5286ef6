/* What the errors of PostgreSQL mean for a runner: https://www.postgresql.org/docs/current/errcodes-appendix.html */
#include <string.h>

#include "postgresql_internal.h"

/* By the beginning of the SQLSTATE; the first that fits counts. */
static const struct {
    const char *state;
    enum fault fault;
} faults[] = {
    {"55P03", FAULT_LOCKED},    /* lock_timeout, NOWAIT */
    {"40P01", FAULT_LOCKED},    /* deadlock */
    {"40001", FAULT_LOCKED},    /* serialization */
    {"57014", FAULT_TIMEOUT},   /* statement_timeout, pg_cancel_backend() */
    {"57P", FAULT_LOST},        /* shutdown, crash, pg_terminate_backend(), the database was dropped */
    {"25P03", FAULT_LOST},      /* idle_in_transaction_session_timeout */
    {"25P04", FAULT_LOST},      /* transaction_timeout */
    {"08", FAULT_LOST},         /* the connection */
    {"42501", FAULT_RIGHTS},    /* insufficient_privilege */
    {"25006", FAULT_READ_ONLY}, /* read_only_sql_transaction */
    {"53100", FAULT_FULL},      /* disk_full */
};

enum fault pg_fault_of(const char *state) {
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (strncmp(state, faults[i].state, strlen(faults[i].state)) == 0)
            return faults[i].fault;
    return FAULT_STATEMENT;
}
