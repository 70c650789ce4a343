/* SPDX-License-Identifier: Apache-2.0 */
/* What assistive technology perceives of a program, and does to it: AT-SPI, straight from the bus, nothing remembered.
 *
 *   AT_SPI_BUS_ADDRESS=... eyes        then, one a line on standard input, each answered by one line of JSON:
 *     tree PID                         all that the program of this process id shows, nested
 *     do BUS-NAME PATH                 the first action of that object: true or false
 *     focus BUS-NAME PATH              gives it the focus
 *
 * What vanishes while it is looked at is answered by {"error": text}: look again.
 */
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#define ACCESSIBLE "org.a11y.atspi.Accessible"
#define COMPONENT  "org.a11y.atspi.Component"
#define ACTION     "org.a11y.atspi.Action"
#define REGISTRY   "org.a11y.atspi.Registry"
#define ROOT       "/org/a11y/atspi/accessible/root"
#define PATIENCE_MS 5000
#define IN_WINDOW 1u           /* ATSPI_COORD_TYPE_WINDOW */
#define DEEPEST 60

static GDBusConnection *bus;

static GVariant *
call (const char   *name,
      const char   *path,
      const char   *iface,
      const char   *method,
      GVariant     *arguments,
      const char   *type,
      GError      **error)
{
  return g_dbus_connection_call_sync (bus, name, path, iface, method, arguments, G_VARIANT_TYPE (type),
                                      G_DBUS_CALL_FLAGS_NO_AUTO_START, PATIENCE_MS, NULL, error);
}

static char *
property (const char  *name,
          const char  *path,
          const char  *which,
          GError     **error)
{
  g_autoptr (GVariant) answer = call (name, path, "org.freedesktop.DBus.Properties", "Get",
                                      g_variant_new ("(ss)", ACCESSIBLE, which), "(v)", error);
  g_autoptr (GVariant) boxed = NULL;

  if (answer == NULL)
    return NULL;
  g_variant_get (answer, "(v)", &boxed);
  return g_variant_is_of_type (boxed, G_VARIANT_TYPE_STRING) ? g_variant_dup_string (boxed, NULL) : g_strdup ("");
}

static void
add_text (GString    *out,
          const char *text)
{
  g_string_append_c (out, '"');
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '\\')
        g_string_append_c (out, '\\');
      if ((guchar) *c < 0x20)
        g_string_append_printf (out, "\\u%04x", *c);
      else
        g_string_append_c (out, *c);
    }
  g_string_append_c (out, '"');
}

static gboolean
add_words (const char  *name,
           const char  *path,
           GString     *out,
           GError     **error)
{
  g_autofree char *label = property (name, path, "Name", error);
  g_autofree char *description = label ? property (name, path, "Description", error) : NULL;
  g_autoptr (GVariant) role = NULL;
  const char *role_name;

  if (description == NULL)
    return FALSE;
  role = call (name, path, ACCESSIBLE, "GetRoleName", NULL, "(s)", error);
  if (role == NULL)
    return FALSE;
  g_variant_get (role, "(&s)", &role_name);
  g_string_append_printf (out, "{\"bus\":\"%s\",\"path\":\"%s\",\"role\":", name, path);
  add_text (out, role_name);
  g_string_append (out, ",\"name\":");
  add_text (out, label);
  g_string_append (out, ",\"description\":");
  add_text (out, description);
  return TRUE;
}

static gboolean
add_place (const char  *name,
           const char  *path,
           GString     *out,
           GError     **error)
{
  g_autoptr (GVariant) states = call (name, path, ACCESSIBLE, "GetState", NULL, "(au)", error);
  g_autoptr (GVariant) bits = NULL, box = NULL;
  guint32 low = 0;
  int x = 0, y = 0, width = 0, height = 0;

  if (states == NULL)
    return FALSE;
  bits = g_variant_get_child_value (states, 0);
  if (g_variant_n_children (bits) > 0)
    g_variant_get_child (bits, 0, "u", &low);
  box = call (name, path, COMPONENT, "GetExtents", g_variant_new ("(u)", IN_WINDOW), "((iiii))", NULL);
  if (box != NULL)   /* an application has none */
    g_variant_get (box, "((iiii))", &x, &y, &width, &height);
  g_string_append_printf (out, ",\"states\":%u,\"box\":[%d,%d,%d,%d],\"children\":[", low, x, y, width, height);
  return TRUE;
}

static gboolean
add_object (const char  *name,
            const char  *path,
            guint        depth,
            GString     *out,
            GError     **error)
{
  g_autoptr (GVariant) answer = NULL, children = NULL;

  if (!add_words (name, path, out, error) || !add_place (name, path, out, error))
    return FALSE;
  answer = call (name, path, ACCESSIBLE, "GetChildren", NULL, "(a(so))", error);
  if (answer == NULL)
    return FALSE;
  children = g_variant_get_child_value (answer, 0);
  for (gsize i = 0; i < g_variant_n_children (children) && depth < DEEPEST; i++)
    {
      const char *child_name, *child_path;

      g_variant_get_child (children, i, "(&s&o)", &child_name, &child_path);
      if (i > 0)
        g_string_append_c (out, ',');
      if (!add_object (child_name, child_path, depth + 1, out, error))
        return FALSE;
    }
  g_string_append (out, "]}");
  return TRUE;
}

static gboolean
is_of (const char *name,
       guint32     pid)
{
  g_autoptr (GVariant) answer = call ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                      "GetConnectionUnixProcessID", g_variant_new ("(s)", name), "(u)", NULL);
  guint32 its = 0;

  if (answer != NULL)
    g_variant_get (answer, "(u)", &its);
  return answer != NULL && its == pid;
}

static gboolean
add_program (guint32   pid,
             GString  *out,
             GError  **error)
{
  g_autoptr (GVariant) answer = call (REGISTRY, ROOT, ACCESSIBLE, "GetChildren", NULL, "(a(so))", error);
  g_autoptr (GVariant) programs = NULL;

  if (answer == NULL)
    return FALSE;
  programs = g_variant_get_child_value (answer, 0);
  for (gsize i = 0; i < g_variant_n_children (programs); i++)
    {
      const char *name, *path;

      g_variant_get_child (programs, i, "(&s&o)", &name, &path);
      if (is_of (name, pid))
        return add_object (name, path, 0, out, error);
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no program %u", pid);
  return FALSE;
}

static gboolean
act (const char  *what,
     const char  *name,
     const char  *path,
     GString     *out,
     GError     **error)
{
  gboolean focuses = g_str_equal (what, "focus"), done = FALSE;
  g_autoptr (GVariant) answer = focuses
    ? call (name, path, COMPONENT, "GrabFocus", NULL, "(b)", error)
    : call (name, path, ACTION, "DoAction", g_variant_new ("(i)", 0), "(b)", error);

  if (answer == NULL)
    return FALSE;
  g_variant_get (answer, "(b)", &done);
  g_string_append (out, done ? "true" : "false");
  return TRUE;
}

static void
obey (char *line)
{
  g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", 3);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  guint n = g_strv_length (words);
  gboolean well = FALSE;

  if (n == 2 && g_str_equal (words[0], "tree"))
    well = add_program (g_ascii_strtoull (words[1], NULL, 10), out, &error);
  else if (n == 3 && (g_str_equal (words[0], "do") || g_str_equal (words[0], "focus")))
    well = act (words[0], words[1], words[2], out, &error);
  if (!well)
    {
      g_string_assign (out, "{\"error\":");
      add_text (out, error ? error->message : "no such order");
      g_string_append_c (out, '}');
    }
  puts (out->str);
  fflush (stdout);
}

int
main (int    argc,
      char **argv)
{
  const char *address = g_getenv ("AT_SPI_BUS_ADDRESS");
  g_autoptr (GError) error = NULL;
  char *line = NULL;
  size_t size = 0;

  if (address == NULL)
    g_error ("AT_SPI_BUS_ADDRESS is not set");
  bus = g_dbus_connection_new_for_address_sync (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  if (bus == NULL)
    g_error ("%s", error->message);
  while (getline (&line, &size, stdin) >= 0)
    obey (line);
  free (line);
  g_object_unref (bus);
  return 0;
}
