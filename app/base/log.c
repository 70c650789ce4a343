/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/log.h"

#include "app/base/bytes.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Set once by tw_log_init(), before there is a second thread. */
static struct
{
  char    *program;
  gboolean verbose;
  gboolean to_journal;
} settings;

static const char *
level_name (GLogLevelFlags level)
{
  if (level & G_LOG_LEVEL_ERROR)
    return "fatal: ";
  if (level & G_LOG_LEVEL_CRITICAL)
    return "bug: ";
  if (level & G_LOG_LEVEL_WARNING)
    return "warning: ";
  if (level & G_LOG_LEVEL_DEBUG)
    return "debug: ";
  return "";
}

static const char *
field_value (const GLogField *fields,
             gsize            n_fields,
             const char      *key)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, key) && fields[i].length < 0)
      return fields[i].value;

  return NULL;
}

/* Debug is asked for; below warnings, libraries' messages count as debug. */
static gboolean
is_wanted (GLogLevelFlags  level,
           const char     *domain)
{
  if (settings.verbose || level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING))
    return TRUE;

  return !(level & G_LOG_LEVEL_DEBUG) && g_strcmp0 (domain, G_LOG_DOMAIN) == 0;
}

static void
write_line (GLogLevelFlags  level,
            const char     *message,
            const char     *session)
{
  /* What others said may be quoted in a message: it cannot forge a second line or move the cursor. */
  g_autofree char *shown = tw_text_printable (message, G_MAXSIZE);
  g_autoptr (GString) line = g_string_new (NULL);
  gsize done = 0;

  g_string_append_printf (line, "%s: %s%s", settings.program, level_name (level), shown);
  if (session != NULL && *session != '\0')
    {
      g_autofree char *name = tw_text_printable (session, G_MAXSIZE);

      g_string_append_printf (line, " [session %s]", name);
    }
  g_string_append_c (line, '\n');

  while (done < line->len) /* one write where the kernel takes it, so that threads' lines do not mix */
    {
      gssize n = write (STDERR_FILENO, line->str + done, line->len - done);

      if (n <= 0)
        return; /* nowhere left to complain */
      done += n;
    }
}

static GLogWriterOutput
write_journal (GLogLevelFlags   level,
               const GLogField *fields,
               gsize            n_fields)
{
  g_autofree GLogField *all = g_new (GLogField, n_fields + 1);

  memcpy (all, fields, n_fields * sizeof *fields);
  all[n_fields] = (GLogField) { "SYSLOG_IDENTIFIER", settings.program, -1 };

  return g_log_writer_journald (level, all, n_fields + 1, NULL);
}

static GLogWriterOutput
on_log (GLogLevelFlags   level,
        const GLogField *fields,
        gsize            n_fields,
        gpointer         user_data)
{
  const char *message = field_value (fields, n_fields, "MESSAGE");

  if (!is_wanted (level, field_value (fields, n_fields, "GLIB_DOMAIN")))
    return G_LOG_WRITER_HANDLED;
  if (settings.to_journal && write_journal (level, fields, n_fields) == G_LOG_WRITER_HANDLED)
    return G_LOG_WRITER_HANDLED;

  write_line (level, message ? message : "(no message)", field_value (fields, n_fields, "TAPWATT_SESSION"));
  return G_LOG_WRITER_HANDLED;
}

void
tw_log_init (const char *program,
             gboolean    verbose)
{
  static gboolean is_set;

  g_free (settings.program);
  settings.program = g_strdup (program);
  settings.verbose = verbose;
  settings.to_journal = g_log_writer_is_journald (STDERR_FILENO);
  if (!is_set)   /* GLib takes a writer once; called again, only the settings change */
    g_log_set_writer_func (on_log, NULL, NULL);
  is_set = TRUE;
}
