//! A grid of character cells with eight Braille dots each.

/// The content of one cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    /// The set dots, by the bits of Unicode's Braille patterns.
    dots: u8,
    /// Whether it is part of the band.
    pub(super) shaded: bool,
    /// Whether one of its dots is outside the band.
    pub(super) marked: bool,
}

impl Cell {
    /// The character of the cell.
    pub(super) fn character(self, unicode: bool) -> char {
        match (self.dots, unicode) {
            (0, true) if self.shaded => '░',
            (0, false) if self.shaded => ':',
            (0, _) => ' ',
            (_, false) if self.marked => '#',
            (_, false) => '*',
            (dots, true) => char::from_u32(0x2800 + u32::from(dots)).unwrap_or('*'),
        }
    }
}

/// The grid; x runs to the right and y upwards, both in dots from the lower left.
#[derive(Clone, Debug)]
pub(super) struct Canvas {
    columns: usize,
    rows: usize,
    cells: Vec<Cell>,
}

/// The bits of a Braille cell by column and by row from its bottom.
const BITS: [[u8; 4]; 2] = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]];

impl Canvas {
    pub(super) fn new(columns: usize, rows: usize) -> Canvas {
        Canvas { columns, rows, cells: vec![Cell::default(); columns * rows] }
    }

    /// The width in dots.
    pub(super) fn width(&self) -> usize {
        self.columns * 2
    }

    /// The height in dots.
    pub(super) fn height(&self) -> usize {
        self.rows * 4
    }

    fn cell(&mut self, x: usize, y: usize) -> Option<&mut Cell> {
        let (column, row) = (x / 2, self.rows.checked_sub(1 + y / 4)?);
        if column >= self.columns {
            return None;
        }
        self.cells.get_mut(row * self.columns + column)
    }

    /// Sets one dot; outside the grid this does nothing.
    pub(super) fn dot(&mut self, x: usize, y: usize, marked: bool) {
        let bit = BITS.get(x % 2).and_then(|column| column.get(y % 4)).copied().unwrap_or(0);
        if let Some(cell) = self.cell(x, y) {
            cell.dots |= bit;
            cell.marked |= marked;
        }
    }

    /// Shades the cells of one dot column between two heights.
    pub(super) fn shade(&mut self, x: usize, low: usize, high: usize) {
        for y in (low / 4 * 4..=high).step_by(4) {
            if let Some(cell) = self.cell(x, y) {
                cell.shaded = true;
            }
        }
    }

    /// The rows, from the top.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[Cell]> {
        self.cells.chunks(self.columns.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_lie_where_braille_has_them() {
        let mut canvas = Canvas::new(2, 2);
        canvas.shade(0, 0, 7);
        for (x, y) in [(0, 0), (1, 3), (2, 4), (3, 7), (9, 9)] {
            canvas.dot(x, y, x == 3);
        }
        let text = |unicode| {
            canvas
                .rows()
                .map(|row| row.iter().map(|c| c.character(unicode)).collect())
                .collect::<Vec<String>>()
        };
        assert_eq!(text(true), ["░⡈", "⡈ "]);
        assert_eq!(text(false), [":#", "* "]);
    }
}
