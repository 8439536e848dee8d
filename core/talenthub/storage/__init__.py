"""The database: connections, transactions, types, migrations."""
