/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/ask.h"

#include <string.h>

typedef struct
{
  const char *method;
  const char *pattern;   /* "*": an id; "{a|b}" one of these, kept as kind */
  TwAct       act;
} Route;

/* cybersource-ev.md section 2. */
static const Route ROUTES[] = {
  { "POST", "/pts/v2/payments", TW_ACT_AUTHORIZE },
  { "PATCH", "/pts/v2/payments/*", TW_ACT_INCREMENT },
  { "POST", "/pts/v2/payments/*/captures", TW_ACT_CAPTURE },
  { "POST", "/pts/v2/payments/*/reversals", TW_ACT_REVERSE },
  { "POST", "/pts/v2/reversals", TW_ACT_TIMEOUT_REVERSE },
  { "POST", "/pts/v2/{payments|captures|refunds|credits}/*/voids", TW_ACT_VOID },
  { "POST", "/pts/v2/voids", TW_ACT_TIMEOUT_VOID },
  { "POST", "/pts/v2/{payments|captures}/*/refunds", TW_ACT_REFUND },
  { "POST", "/pts/v2/refresh-payment-status/*", TW_ACT_REFRESH },
  { "GET", "/tss/v2/transactions/*", TW_ACT_READ },
  { "POST", "/tss/v2/searches", TW_ACT_SEARCH },
  { "GET", "/tss/v2/searches/*", TW_ACT_SEARCH_AGAIN },
};

static const char *const NAMES[] = {
  "unknown", "authorize", "increment", "capture", "reversal", "timeout-reversal", "void", "timeout-void", "refund",
  "read", "search", "search-again", "refresh",
};
G_STATIC_ASSERT (G_N_ELEMENTS (NAMES) == TW_N_ACTS);

static gboolean
is_one_of (const char *choices,   /* "{a|b}" */
           const char *word)
{
  g_autofree char *inner = g_strndup (choices + 1, strlen (choices) - 2);
  g_auto (GStrv) all = g_strsplit (inner, "|", -1);

  return g_strv_contains ((const char *const *) all, word);
}

static gboolean
matches (const Route *route,
         char       **words,
         const char **kind,
         const char **id)
{
  g_auto (GStrv) pattern = g_strsplit (route->pattern, "/", -1);

  *kind = *id = NULL;
  if (g_strv_length (pattern) != g_strv_length (words))
    return FALSE;

  for (guint i = 0; pattern[i] != NULL; i++)
    {
      if (strcmp (pattern[i], "*") == 0)
        *id = words[i];
      else if (pattern[i][0] == '{' && is_one_of (pattern[i], words[i]))
        *kind = words[i];
      else if (strcmp (pattern[i], words[i]) != 0)
        return FALSE;
    }

  return *id == NULL || (*id)[0] != '\0';
}

void
tw_ask_route (TwAsk *self)
{
  g_autofree char *path = g_strndup (self->path, strcspn (self->path, "?"));
  g_auto (GStrv) words = g_strsplit (path, "/", 8);

  self->act = TW_ACT_UNKNOWN;
  for (guint i = 0; i < G_N_ELEMENTS (ROUTES); i++)
    {
      const char *kind, *id;

      if (strcmp (ROUTES[i].method, self->method) != 0 || !matches (&ROUTES[i], words, &kind, &id))
        continue;
      self->act = ROUTES[i].act;
      self->kind = g_strdup (kind);
      self->id = g_strdup (id);
      return;
    }
}

void
tw_ask_free (TwAsk *self)
{
  if (self == NULL)
    return;
  g_free (self->method);
  g_free (self->path);
  g_free (self->host);
  g_free (self->authorization);
  g_free (self->content_type);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->kind);
  g_free (self->id);
  g_free (self);
}

const char *
tw_act_name (TwAct act)
{
  return NAMES[act];
}

TwAct
tw_act_from_name (const char *name)
{
  for (guint i = 0; i < TW_N_ACTS; i++)
    if (g_strcmp0 (NAMES[i], name) == 0)
      return i;

  return TW_N_ACTS;
}
