"""Reports as files: CSV for machines, XLSX with native charts to calculate on, whole lists as either or as JSON."""
