//! One SQLite file: tables, the group-committing writer, readers, migrations, retention
