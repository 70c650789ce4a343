/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/checks.h"

#include "app/base/error.h"
#include "payment/http/http.h"

#define CONNECT_MS 5000
#define DEADLINE_MS 10000

typedef struct
{
  GMainLoop *loop;
  guint      status;
  GError    *error;
} Answer;

static void
on_answer (guint         status,
           GBytes       *body,
           const GError *error,
           gpointer      user_data)
{
  Answer *answer = user_data;

  answer->status = status;
  answer->error = error != NULL ? g_error_copy (error) : NULL;
  g_main_loop_quit (answer->loop);
}

/* Any answer will do: without a signature the service refuses, and so proves that name, route and TLS are right. */
static guint
ask (const TwConfig  *config,
     GError         **error)
{
  const TwHttpOptions options = {
    .ca_file = config->gateway_ca_file,
    .connect_to = config->gateway_connect_to,
    .connect_ms = CONNECT_MS,
  };
  g_autofree char *url = g_strdup_printf ("https://%s/", config->gateway_host);
  const TwHttpRequest request = { .method = "GET", .url = url, .deadline_ms = DEADLINE_MS };
  g_autoptr (TwHttp) http = tw_http_new (&options, error);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Answer answer = { .loop = loop };

  if (http == NULL)
    return 0;

  tw_http_send (http, &request, NULL, on_answer, &answer);
  g_main_loop_run (loop);
  if (answer.error != NULL)
    g_propagate_error (error, answer.error);

  return answer.status;
}

void
tw_check_gateway (TwFindings     *findings,
                  const TwConfig *config)
{
  g_autoptr (GError) error = NULL;
  guint status;

  if (config->gateway_kind == NULL)
    {
      tw_findings_add (findings, TW_SEVERITY_OK, "gateway", "none", NULL, "no payment service is configured");
      return;
    }

  status = ask (config, &error);
  if (status > 0)
    tw_findings_add (findings, TW_SEVERITY_OK, "gateway", config->gateway_host, NULL,
                     "reached, and its certificate verifies (it answered %u to a question without credentials)",
                     status);
  else
    tw_findings_add (findings, TW_SEVERITY_FAIL, "gateway", config->gateway_host,
                     "look at the network and the name, then at the clock, then at ca_file and connect_to", "%s",
                     error != NULL ? error->message : "no answer");
}
