/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/finding.h"

typedef struct
{
  TwSeverity severity;
  char      *check, *subject, *text, *advice;
} Finding;

struct _TwFindings
{
  GPtrArray *all;   /* of Finding */
};

static const char *const SEVERITIES[] = { "ok", "warn", "fail" };

static void
finding_free (Finding *finding)
{
  g_free (finding->check);
  g_free (finding->subject);
  g_free (finding->text);
  g_free (finding->advice);
  g_free (finding);
}

TwFindings *
tw_findings_new (void)
{
  TwFindings *self = g_new0 (TwFindings, 1);

  self->all = g_ptr_array_new_with_free_func ((GDestroyNotify) finding_free);

  return self;
}

void
tw_findings_free (TwFindings *self)
{
  g_ptr_array_unref (self->all);
  g_free (self);
}

void
tw_findings_add (TwFindings *self,
                 TwSeverity  severity,
                 const char *check,
                 const char *subject,
                 const char *advice,
                 const char *format,
                 ...)
{
  Finding *finding = g_new0 (Finding, 1);
  va_list args;

  va_start (args, format);
  finding->text = g_strdup_vprintf (format, args);
  va_end (args);

  finding->severity = severity;
  finding->check = g_strdup (check);
  finding->subject = g_strdup (subject);
  finding->advice = g_strdup (advice);
  g_ptr_array_add (self->all, finding);
}

TwSeverity
tw_findings_worst (const TwFindings *self)
{
  TwSeverity worst = TW_SEVERITY_OK;

  for (guint i = 0; i < self->all->len; i++)
    worst = MAX (worst, ((Finding *) g_ptr_array_index (self->all, i))->severity);

  return worst;
}

gboolean
tw_findings_print (const TwFindings *self,
                   const TwVerb     *verb)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->all->len; i++)
    {
      const Finding *finding = g_ptr_array_index (self->all, i);

      g_string_append_printf (text, "%-4s  %-11s  %s: %s\n", SEVERITIES[finding->severity], finding->check,
                              finding->subject, finding->text);
      if (finding->advice != NULL)
        g_string_append_printf (text, "%19sdo: %s\n", "", finding->advice);
    }

  return tw_verb_print (verb, text->str);
}

gboolean
tw_findings_print_json (const TwFindings *self,
                        const TwVerb     *verb)
{
  TwJsonOut *out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "worst", SEVERITIES[tw_findings_worst (self)]);
  tw_json_out_begin_array (out, "findings");
  for (guint i = 0; i < self->all->len; i++)
    {
      const Finding *finding = g_ptr_array_index (self->all, i);

      tw_json_out_begin_object (out, NULL);
      tw_json_out_string (out, "severity", SEVERITIES[finding->severity]);
      tw_json_out_string (out, "check", finding->check);
      tw_json_out_string (out, "subject", finding->subject);
      tw_json_out_string (out, "text", finding->text);
      tw_json_out_string (out, "advice", finding->advice);
      tw_json_out_end (out);
    }

  return tw_verb_print_json (verb, out);
}
