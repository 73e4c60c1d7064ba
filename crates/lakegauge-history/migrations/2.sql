-- What a person said of a partition; NULL: nothing. Apart from the document, which a check replaces.
ALTER TABLE record ADD COLUMN mark TEXT;
