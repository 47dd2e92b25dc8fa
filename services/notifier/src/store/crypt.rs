//! What stands encrypted in which column, under the key of its message (RELIABILITY 5.2).

use chassis::vault::Column;
use proto::notifier::Notice;

use crate::domain::letter::Letter;

/// What is to be sent.
pub const NOTICE: Column<Notice> = Column::new("messages.notice");
/// What was sent, for the local mailbox.
pub const BODY: Column<Letter> = Column::new("messages.body");
