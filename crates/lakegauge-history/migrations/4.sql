-- Every sample followed from a record, and nothing read them: they were half of the file.
DROP TABLE sample;
