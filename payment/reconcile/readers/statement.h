/* SPDX-License-Identifier: Apache-2.0 */
/* What a statement says of itself, held against its entries and against the statement before it (facts:
 * settlement-files.md section 4). Pure but for the memory of what came before. One thread. This folder's own.
 */
#pragma once

#include <glib.h>

typedef struct
{
  GString *id, *account;
  char     currency[4];                  /* of the account; "": not told */
  gint64   number;                       /* ElctrncSeqNb, else LglSeqNb; TW_NOT_STATED */
  gint64   opening, closing;             /* booked balances; TW_NOT_STATED */
  gint64   credits, debits;              /* sums of the booked entries, both positive */
  guint64  n_credits, n_debits, n_unbooked;
  gint64   told_credits, told_debits;    /* TxsSummry; TW_NOT_STATED */
  gint64   told_n_credits, told_n_debits;
} TwStatement;

/* By account, the last statement: its number and closing balance. */
typedef struct _TwStatements TwStatements;

void     tw_statement_init (TwStatement *self);
void     tw_statement_begin (TwStatement *self);
void     tw_statement_clear (TwStatement *self);
/* amount: signed. FALSE: too large. */
gboolean tw_statement_add (TwStatement *self, gint64 amount);
/* What does not add up; NULL: nothing. Free with g_free(). */
char    *tw_statement_check (const TwStatement *self);

TwStatements *tw_statements_new (void);
void     tw_statements_free (TwStatements *self);
/* After its check. what: an error, or when TRUE is returned a notice or NULL. */
gboolean tw_statements_follow (TwStatements *self, const TwStatement *statement, char **what);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwStatement, tw_statement_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwStatements, tw_statements_free)
