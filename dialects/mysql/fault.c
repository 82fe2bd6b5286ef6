/* What the errors of MySQL and MariaDB mean for a runner. */
#include <string.h>

#include "mysql_internal.h"

static const struct {
    unsigned number;
    enum fault fault;
} faults[] = {
    {1205, FAULT_LOCKED},  /* lock wait timeout */
    {1213, FAULT_LOCKED},  /* deadlock; in a cluster also what another node did */
    {1020, FAULT_LOCKED},  /* a row has changed since it was read */
    {3572, FAULT_LOCKED},  /* NOWAIT */
    {3058, FAULT_LOCKED},  /* deadlock among GET_LOCK() */
    {3101, FAULT_LOCKED},  /* group replication undid the transaction */
    {1317, FAULT_TIMEOUT}, /* KILL QUERY */
    {1969, FAULT_TIMEOUT}, /* max_statement_time */
    {3024, FAULT_TIMEOUT}, /* max_execution_time */
    {1047, FAULT_LOST},    /* a node of a cluster that is not ready */
    {1053, FAULT_LOST},    /* shutdown */
    {1079, FAULT_LOST},    /* shutdown */
    {1080, FAULT_LOST},    /* forced close */
    {1152, FAULT_LOST},    /* aborted connection */
    {1158, FAULT_LOST},    /* reading or writing packets */
    {1159, FAULT_LOST},      {1160, FAULT_LOST},   {1161, FAULT_LOST}, {1184, FAULT_LOST}, {1927, FAULT_LOST}, /* KILL */
    {2006, FAULT_LOST},                                                                                        /* gone away */
    {2013, FAULT_LOST},                                                                                        /* lost during query */
    {2055, FAULT_LOST},      {4031, FAULT_LOST},                                                               /* wait_timeout */
    {1044, FAULT_RIGHTS},                                                                                      /* to a database */
    {1045, FAULT_RIGHTS},    {1142, FAULT_RIGHTS},                                                             /* to a table */
    {1143, FAULT_RIGHTS},                                                                                      /* to a column */
    {1227, FAULT_RIGHTS},                                                                                      /* SUPER and its parts */
    {1370, FAULT_RIGHTS},                                                                                      /* to a routine */
    {1419, FAULT_RIGHTS},    /* log_bin_trust_function_creators */
    {1036, FAULT_READ_ONLY}, /* a table */
    {1290, FAULT_READ_ONLY}, /* --read-only; see below */
    {1792, FAULT_READ_ONLY}, /* a transaction */
    {1836, FAULT_READ_ONLY}, /* the server */
    {1874, FAULT_READ_ONLY}, /* innodb_read_only */
    {1021, FAULT_FULL},      /* disk full */
    {1114, FAULT_FULL},      /* the table is full */
    {1878, FAULT_FULL},      /* a temporary file cannot be written */
};

/* 1290 is said of any option that forbids something; a full disk stands in the text of many errors. */
enum fault my_fault_of(unsigned number, const char *message) {
    if (strstr(message, "No space left"))
        return FAULT_FULL;
    if (number == 1290 && !strstr(message, "read-only") && !strstr(message, "read_only"))
        return FAULT_STATEMENT;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (faults[i].number == number)
            return faults[i].fault;
    return FAULT_STATEMENT;
}
