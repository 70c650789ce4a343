/* SPDX-License-Identifier: Apache-2.0 */
/* needs: base_dep */
/* A file is refused, or each of its entries is found by its key. */
#include "app/base/catalogue.h"
#include "app/base/error.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
assert_found (const TwCatalogue *catalogue,
              const char        *context,
              const char        *msgid,
              const char        *translation)
{
  const char *found = tw_catalogue_find (catalogue, context, msgid);

  g_assert (found == (*translation != '\0' ? translation : NULL));
}

static void
check_entry (const TwCatalogue *catalogue,
             guint              i)
{
  const char *key, *translation, *end;

  tw_catalogue_entry (catalogue, i, &key, &translation);
  g_assert (g_utf8_validate (key, -1, NULL) && g_utf8_validate (translation, -1, NULL));
  assert_found (catalogue, NULL, key, translation);
  end = strchr (key, '\004');
  if (end)
    {
      g_autofree char *context = g_strndup (key, end - key);

      assert_found (catalogue, context, end + 1, translation);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GBytes) mo = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwCatalogue) catalogue = tw_catalogue_new (mo, &error);

  g_assert ((catalogue == NULL) == g_error_matches (error, TW_ERROR, TW_ERROR_BAD_DATA));
  for (guint i = 0; catalogue && i < tw_catalogue_length (catalogue); i++)
    check_entry (catalogue, i);
  if (catalogue)
    g_assert (tw_catalogue_find (catalogue, "no such context", "no such msgid") == NULL);

  return 0;
}
