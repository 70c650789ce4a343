/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/reconcile-inputs.h"

#include "app/cli/bar.h"

#include <gio/gio.h>
#include <string.h>

#define BAR_EVERY_US (G_USEC_PER_SEC / 10)
#define MOST_OPEN 100          /* files at once, by each thread of a run; by default there are 1024 in all */

typedef gboolean (*Reader) (const char *path, guint32 index, const TwProfile *profile, const TwIntake *intake,
                            TwImport *import, GError **error);

static const struct { const char *name; Reader read; const char *formats[8]; } ROLES[] = {
  [TW_INPUT_JOURNAL] = { "journal", tw_read_sales, { NULL } },
  [TW_INPUT_PSP]     = { "psp", tw_read_settlement, { "adyen", "stripe", "cybersource", "zvt", "csv", NULL } },
  [TW_INPUT_BANK]    = { "bank", tw_read_bank, { "camt.053", "camt.054", "bank-csv", NULL } },
  [TW_INPUT_METER]   = { "meter", tw_read_energy, { "ocmf", "meter-csv", "cdr", NULL } },
};

/* One file on its way through a reader's thread. */
typedef struct
{
  TwInput      *input;
  guint32       index;
  TwIntake      intake;
  TwIntakeClass class_;        /* the intake's, with our eyes on the progress */
  const TwInputLoader *loader; /* NULL: the intake is there from the beginning */
  gpointer      loader_data;
  gint         *stop;
  gboolean      stopped;       /* by another one's error: its own is of no interest */
  gint          done_e4;       /* of 10,000; atomic */
  gboolean      over;          /* under the mutex */
  GMutex       *mutex;
  GCond        *changed;
  GError       *error;
} Job;

static void
input_free (gpointer data)
{
  TwInput *self = data;

  tw_import_clear (&self->import);
  g_free (self->format);
  g_free (self->path);
  g_free (self);
}

const char *
tw_input_role_name (TwInputRole role)
{
  return ROLES[role].name;
}

TwInputRole
tw_input_role_of (const char *option)
{
  for (guint role = 0; role < G_N_ELEMENTS (ROLES); role++)
    if (g_str_equal (option + strlen ("--"), ROLES[role].name))
      return (TwInputRole) role;
  g_assert_not_reached ();   /* GOption knows no others */
}

/* A word before a colon is meant as a format's name, unless a file is called so: a path may have colons, too. */
static gboolean
check_word (TwInputRole   role,
            const char   *text,
            const char   *colon,
            GError      **error)
{
  const char *end = text;
  g_autofree char *names = NULL;

  while (g_ascii_isalnum (*end) || *end == '.' || *end == '-' || *end == '_')
    end++;
  if (ROLES[role].formats[0] == NULL || end != colon || end == text || g_file_test (text, G_FILE_TEST_EXISTS))
    return TRUE;
  names = g_strjoinv (", ", (char **) ROLES[role].formats);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s %s: format %.*s is not known: accepted are %s, "
               "and there is no file of that whole name", ROLES[role].name, text, (int) (colon - text), text, names);

  return FALSE;
}

gboolean
tw_inputs_add (TwInputs     *self,
               TwInputRole   role,
               const char   *text,
               GError      **error)
{
  const char *colon = strchr (text, ':');
  const char *format = NULL, *path;
  TwInput *input;

  for (guint i = 0; colon != NULL && ROLES[role].formats[i] != NULL; i++)
    if (strlen (ROLES[role].formats[i]) == (gsize) (colon - text)
        && strncmp (ROLES[role].formats[i], text, (gsize) (colon - text)) == 0)
      format = ROLES[role].formats[i];
  if (format == NULL && !check_word (role, text, colon, error))
    return FALSE;
  path = format != NULL ? colon + 1 : text;
  if (*path == '\0')
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s \"%s\": expected a file's path",
                   ROLES[role].name, text);
      return FALSE;
    }

  input = g_new0 (TwInput, 1);
  input->role = role;
  input->format = g_strdup (format);
  input->path = g_strdup (path);
  tw_import_init (&input->import);
  if (self->all == NULL)
    self->all = g_ptr_array_new_with_free_func (input_free);
  g_ptr_array_add (self->all, input);

  return TRUE;
}

static gboolean
on_progress (gpointer self,
             guint64  done,
             guint64  size)
{
  Job *job = self;

  g_atomic_int_set (&job->done_e4, size == 0 ? 0 : (gint) (done * 10000.0 / (double) size));

  job->stopped = g_atomic_int_get (job->stop);

  return !job->stopped;
}

#define PASS_ON(what, Type) \
  static gboolean \
  on_##what (gpointer     self, \
             const Type  *what, \
             GError     **error) \
  { \
    const Job *job = self; \
 \
    return job->intake.class_->what (job->intake.self, what, error); \
  }

PASS_ON (sale, TwSale)
PASS_ON (line, TwSettled)
PASS_ON (credit, TwCredit)
PASS_ON (energy, TwEnergy)
PASS_ON (total, TwTotal)

static void
watch (Job *job)
{
  const TwIntakeClass *class_ = job->intake.class_;

  job->class_ = (TwIntakeClass) {
    class_->sale != NULL ? on_sale : NULL, class_->line != NULL ? on_line : NULL,
    class_->credit != NULL ? on_credit : NULL, class_->energy != NULL ? on_energy : NULL,
    class_->total != NULL ? on_total : NULL, on_progress,
  };
}

static gboolean
read_input (Job *job)
{
  TwInput *input = job->input;
  const TwIntake watched = { &job->class_, job };

  watch (job);

  return ROLES[input->role].read (input->path, job->index, &input->profile, &watched, &input->import, &job->error);
}

static gboolean
load_input (Job *job)
{
  gboolean well;

  if (!job->loader->begin (job->loader_data, job->input, &job->intake, &job->error))
    return FALSE;
  well = read_input (job);

  return job->loader->end (job->loader_data, job->input, well, well ? &job->error : NULL) && well;
}

static void
read_file (gpointer data,
           gpointer user_data)
{
  Job *job = data;
  gboolean well = !g_atomic_int_get (job->stop) && (job->loader != NULL ? load_input (job) : read_input (job));

  if (!well)
    g_atomic_int_set (job->stop, TRUE);
  g_mutex_lock (job->mutex);
  job->over = TRUE;
  g_cond_signal (job->changed);
  g_mutex_unlock (job->mutex);
}

static void
draw_bar (const Job *jobs,
          guint      n)
{
  g_autofree char *files = NULL;
  guint64 done = 0;
  guint n_over = 0;

  for (guint i = 0; i < n; i++)
    {
      done += jobs[i].over ? 10000 : (guint64) g_atomic_int_get (&jobs[i].done_e4);
      n_over += jobs[i].over;
    }
  files = g_strdup_printf ("%u of %u files", n_over, n);
  tw_bar_draw ((guint) (done / n), files);
}

static void
wait_for_all (Job      *jobs,
              guint     n,
              gboolean  with_bar)
{
  guint n_over = 0;

  g_mutex_lock (jobs[0].mutex);
  while (n_over < n)
    {
      g_cond_wait_until (jobs[0].changed, jobs[0].mutex, g_get_monotonic_time () + BAR_EVERY_US);
      n_over = 0;
      for (guint i = 0; i < n; i++)
        n_over += jobs[i].over;
      if (with_bar)
        draw_bar (jobs, n);
    }
  g_mutex_unlock (jobs[0].mutex);
  if (with_bar)
    tw_bar_clear ();
}

static gboolean
first_error (Job      *jobs,
             guint     n,
             GError  **error)
{
  gboolean well = TRUE;

  for (guint i = 0; i < n; i++)
    if (jobs[i].error != NULL && well && !jobs[i].stopped)
      {
        g_propagate_error (error, jobs[i].error);
        well = FALSE;
      }
    else
      g_clear_error (&jobs[i].error);

  return well;
}

static gboolean
read_all (TwInputs             *self,
          TwIntakeFunc          intake,
          const TwInputLoader  *loader,
          gpointer              user_data,
          gboolean              with_bar,
          GError              **error)
{
  guint n = self->all == NULL ? 0 : self->all->len;
  g_autofree Job *jobs = g_new0 (Job, n);
  GThreadPool *pool;
  GMutex mutex;
  GCond changed;
  gint stop = FALSE;

  if (n == 0)
    return TRUE;

  g_mutex_init (&mutex);
  g_cond_init (&changed);
  pool = g_thread_pool_new (read_file, NULL, loader != NULL ? 1 : (gint) MIN (n, g_get_num_processors ()), TRUE, NULL);
  for (guint i = 0; i < n; i++)
    {
      Job *job = &jobs[i];

      *job = (Job) { .input = g_ptr_array_index (self->all, i), .index = i, .loader = loader,
                     .loader_data = user_data, .stop = &stop, .mutex = &mutex, .changed = &changed };
      if (loader == NULL)
        job->intake = intake (user_data);
      job->input->profile.format = job->input->format;
      g_thread_pool_push (pool, job, NULL);
    }
  wait_for_all (jobs, n, with_bar);
  g_thread_pool_free (pool, FALSE, TRUE);
  g_mutex_clear (&mutex);
  g_cond_clear (&changed);

  return first_error (jobs, n, error);
}

gboolean
tw_inputs_read (TwInputs      *self,
                TwIntakeFunc   intake,
                gpointer       user_data,
                gboolean       with_bar,
                GError       **error)
{
  return read_all (self, intake, NULL, user_data, with_bar, error);
}

gboolean
tw_inputs_load (TwInputs             *self,
                const TwInputLoader  *loader,
                gpointer              user_data,
                gboolean              with_bar,
                GError              **error)
{
  return read_all (self, NULL, loader, user_data, with_bar, error);
}

gboolean
tw_inputs_read_again (TwInputs        *self,
                      const TwIntake  *intake,
                      GError         **error)
{
  static const TwInputRole ORDER[] = { TW_INPUT_JOURNAL, TW_INPUT_METER, TW_INPUT_PSP, TW_INPUT_BANK };

  for (guint i = 0; i < G_N_ELEMENTS (ORDER); i++)
    for (guint j = 0; j < self->all->len; j++)
      {
        const TwInput *input = g_ptr_array_index (self->all, j);
        g_auto (TwImport) import = { 0 };

        tw_import_init (&import);
        if (input->role == ORDER[i]
            && !ROLES[ORDER[i]].read (input->path, j, &input->profile, intake, &import, error))
          return FALSE;
      }

  return TRUE;
}

static gpointer
open_again (gpointer   self,
            guint32    file,
            GError   **error)
{
  const TwInput *input = g_ptr_array_index (((TwInputs *) self)->all, file);

  return tw_again_open (input->path, file, &input->profile, &input->import, error);
}

static gboolean
row_again (gpointer         opened,
           const TwOrigin  *origin,
           const TwIntake  *intake,
           GError         **error)
{
  return tw_again_row (opened, origin, intake, error);
}

static void
close_again (gpointer opened)
{
  tw_again_free (opened);
}

const char **
tw_inputs_paths (const TwInputs   *self,
                 TwReconcileTerms *terms)
{
  const char **paths = g_new0 (const char *, self->all->len + 1);

  for (guint i = 0; i < self->all->len; i++)
    paths[i] = ((const TwInput *) g_ptr_array_index (self->all, i))->path;
  terms->files = paths;
  terms->n_files = self->all->len;

  return paths;
}

void
tw_inputs_offer_again (TwInputs         *self,
                       TwReconciliation *books)
{
  static const TwAgainClass CLASS = { open_again, row_again, close_again };
  gboolean any_meter = FALSE;

  for (guint i = 0; i < self->all->len; i++)
    any_meter |= ((const TwInput *) g_ptr_array_index (self->all, i))->role == TW_INPUT_METER;
  if (!any_meter && self->all->len <= MOST_OPEN)
    tw_reconciliation_set_again (books, &CLASS, self);
}

void
tw_inputs_clear (TwInputs *self)
{
  g_clear_pointer (&self->all, g_ptr_array_unref);
}
