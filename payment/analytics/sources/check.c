/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/sources.h"

static gboolean
check_session (gpointer             gate,
               const TwSessionRow  *row,
               GError             **error)
{
  TwSessionRow judged = *row;

  tw_gate_session (gate, &judged);
  return TRUE;
}

static gboolean
check_refused (gpointer     gate,
               guint64      line,
               const char  *what,
               GError     **error)
{
  tw_gate_refuse (gate, line, what);
  return TRUE;
}

gboolean
tw_feed_check_sessions (const char         *path,
                        const TwFeedTerms  *terms,
                        gint64              newest_us,
                        TwFeedReport       *report,
                        TwQuality         **quality,
                        GError            **error)
{
  static const TwRowIntakeClass class_ = { .session = check_session, .refused = check_refused };
  g_autoptr (TwCopies) copies = tw_copies_new ();
  g_autoptr (TwGate) gate = tw_gate_new (copies, path, newest_us);
  const TwRowIntake intake = { &class_, gate };

  if (!tw_feed_sessions (path, terms, &intake, 1, report, error))
    return FALSE;
  *quality = tw_quality_new ();
  tw_quality_merge (*quality, tw_gate_quality (gate));
  return TRUE;
}
