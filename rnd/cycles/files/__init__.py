"""Reports as files: CSV for machines, XLSX with native charts for whoever calculates on, whole lists as either or JSON."""
