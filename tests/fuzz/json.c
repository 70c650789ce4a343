/* SPDX-License-Identifier: Apache-2.0 */
/* needs: base_dep */
/* A text is refused, or becomes a tree whose text becomes the same tree. */
#include "app/base/error.h"
#include "app/base/json.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static GBytes *
text_of (const TwJson *root)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();

  tw_json_out_copy (out, NULL, root);
  return tw_json_out_finish (out);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwJson) root = tw_json_parse ((const char *) data, size, &TW_JSON_LARGE, &error);
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) again_text = NULL;
  g_autoptr (TwJson) again = NULL;

  g_assert ((root == NULL) == g_error_matches (error, TW_ERROR, TW_ERROR_BAD_DATA));
  if (root == NULL)
    {
      g_assert (g_utf8_validate (error->message, -1, NULL) && strchr (error->message, '\n') == NULL);
      return 0;
    }

  text = text_of (root);
  again = tw_json_parse (g_bytes_get_data (text, NULL), g_bytes_get_size (text), &TW_JSON_LARGE, NULL);
  /* What we write may be longer than what we read ("\b" is "\u0008"): only the size may then be too much. */
  g_assert (again != NULL || g_bytes_get_size (text) > TW_JSON_LARGE.max_bytes);
  if (again)
    again_text = text_of (again);
  g_assert (again == NULL || g_bytes_equal (text, again_text));

  return 0;
}
