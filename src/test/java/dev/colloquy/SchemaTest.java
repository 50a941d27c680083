package dev.colloquy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Keeps docs/schema.sql equal to what the migrations make. After a migration: {@code ./mvnw test
 * -Dtest=SchemaTest -Dschema.write=true} writes it anew.
 */
class SchemaTest {
  @RegisterExtension static final TestDatabase migrated = TestDatabase.migrated();
  @RegisterExtension static final TestDatabase empty = TestDatabase.empty();

  private static final Path FILE = Path.of("docs/schema.sql");
  private static final String HEAD =
      """
      -- The schema that the migrations make, for reading. SchemaTest writes this file and keeps it
      -- true; the server itself runs src/main/resources/db/migration.
      """;

  @Test
  void theFileIsWhatTheMigrationsMake() throws IOException {
    var made = dump(migrated.database());
    if (Boolean.getBoolean("schema.write")) {
      Files.writeString(FILE, made);
    }
    assertThat(Files.readString(FILE))
        .as("docs/schema.sql; -Dschema.write=true writes it anew")
        .isEqualTo(made);
  }

  @Test
  void theFileMakesTheSameSchema() throws IOException {
    var text = Files.readString(FILE);
    // As it is: what takes scripts apart may not know where a function ends.
    var _ =
        empty
            .database()
            .onConnection(connection -> {
              try (var statement = connection.createStatement()) {
                return statement.execute(text);
              }
            });
    assertThat(dump(empty.database())).isEqualTo(text);
  }

  private static String dump(Database database) {
    return database.read(tx -> {
      var parts = new ArrayList<String>();
      parts.add(String.join("", extensions(tx)));
      tables(tx).forEach(table -> parts.add(table(tx, table)));
      parts.add(String.join("", foreignKeys(tx)));
      parts.addAll(views(tx));
      parts.addAll(functions(tx));
      parts.add(String.join("", triggers(tx)));
      return HEAD + "\n" + String.join("\n", parts);
    });
  }

  private static List<String> extensions(Handle tx) {
    var sql =
        """
        select 'create extension ' || extname || E';\\n'
        from pg_extension
        where extname <> 'plpgsql'
        order by extname
        """;
    return tx.createQuery(sql).mapTo(String.class).list();
  }

  private static List<String> tables(Handle tx) {
    var sql =
        """
        select relname
        from pg_class
        where relnamespace = cast('public' as regnamespace) and relkind = 'r'
          and relname <> 'flyway_schema_history'
        order by relname
        """;
    return tx.createQuery(sql).mapTo(String.class).list();
  }

  private static String table(Handle tx, String table) {
    var lines = new ArrayList<>(columns(tx, table));
    lines.addAll(constraints(tx, table));
    return "create table %s (\n  %s\n)%s;\n"
            .formatted(table, String.join(",\n  ", lines), storage(tx, table))
        + String.join("", indexes(tx, table));
  }

  private static List<String> columns(Handle tx, String table) {
    var sql =
        """
        select a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
          || case when a.attnotnull then ' not null' else '' end
          || case when a.attgenerated = 's'
                  then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
                  else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end
        from pg_attribute a
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = cast(:table as regclass) and a.attnum > 0 and not a.attisdropped
        order by a.attnum
        """;
    return tx.createQuery(sql).bind("table", table).mapTo(String.class).list();
  }

  /** Primary keys first, then unique constraints, then checks. */
  private static List<String> constraints(Handle tx, String table) {
    var sql =
        """
        select 'constraint ' || conname || ' ' || pg_get_constraintdef(oid)
        from pg_constraint
        where conrelid = cast(:table as regclass) and contype in ('p', 'u', 'c')
        order by array_position(array['p', 'u', 'c'], cast(contype as text)), conname
        """;
    return tx.createQuery(sql).bind("table", table).mapTo(String.class).list();
  }

  private static String storage(Handle tx, String table) {
    var sql =
        """
        select coalesce(' with (' || array_to_string(reloptions, ', ') || ')', '')
        from pg_class
        where oid = cast(:table as regclass)
        """;
    return tx.createQuery(sql).bind("table", table).mapTo(String.class).one();
  }

  /** Those that no constraint makes. */
  private static List<String> indexes(Handle tx, String table) {
    var sql =
        """
        select replace(pg_get_indexdef(i.indexrelid), ' ON public.', ' ON ') || E';\\n'
        from pg_index i
        join pg_class c on c.oid = i.indexrelid
        where i.indrelid = cast(:table as regclass)
          and not exists (
            select from pg_constraint k
            where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
        order by c.relname
        """;
    return tx.createQuery(sql).bind("table", table).mapTo(String.class).list();
  }

  /** At the end, since tables refer to each other. */
  private static List<String> foreignKeys(Handle tx) {
    var sql =
        """
        select 'alter table ' || c.relname || ' add constraint ' || k.conname || ' '
          || pg_get_constraintdef(k.oid) || E';\\n'
        from pg_constraint k
        join pg_class c on c.oid = k.conrelid
        where k.contype = 'f' and c.relnamespace = cast('public' as regnamespace)
        order by c.relname, k.conname
        """;
    return tx.createQuery(sql).mapTo(String.class).list();
  }

  private static List<String> views(Handle tx) {
    var sql =
        """
        select 'create view ' || relname || E' as\\n' || pg_get_viewdef(oid, true) || E'\\n'
        from pg_class
        where relnamespace = cast('public' as regnamespace) and relkind = 'v'
        order by relname
        """;
    return tx.createQuery(sql).mapTo(String.class).list();
  }

  /** Those that no extension brings. */
  private static List<String> functions(Handle tx) {
    var sql =
        """
        select replace(pg_get_functiondef(p.oid), 'FUNCTION public.', 'FUNCTION ') || E';\\n'
        from pg_proc p
        where p.pronamespace = cast('public' as regnamespace)
          and not exists (
            select from pg_depend d
            where d.classid = cast('pg_proc' as regclass) and d.objid = p.oid and d.deptype = 'e')
        order by p.proname
        """;
    return tx.createQuery(sql).mapTo(String.class).list();
  }

  private static List<String> triggers(Handle tx) {
    var sql =
        """
        select replace(pg_get_triggerdef(t.oid), ' ON public.', ' ON ') || E';\\n'
        from pg_trigger t
        where not t.tgisinternal
        order by t.tgname
        """;
    return tx.createQuery(sql).mapTo(String.class).list();
  }
}
