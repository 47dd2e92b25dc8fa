//! What several of these tests say.

use proto::{
    OpenFileId, SeekerId,
    intake::ProfilePublished,
    work::{Area, Cell, Dayparts},
};
use uuid::Uuid;

/// Somebody's profile, with nothing in it that a test looks at.
pub(crate) fn profile(seeker: Uuid, version: i64) -> ProfilePublished {
    ProfilePublished {
        seeker_id: SeekerId(seeker),
        version,
        area: Area {
            cell: Cell { x: 143, y: 487 },
            municipality: "GM0034".to_owned(),
            region: "AM11".to_owned(),
        },
        tasks: Vec::new(),
        any_task: true,
        dayparts: Dayparts::default(),
        hours: None,
        travel: None,
        open_file_id: OpenFileId(Uuid::from_u128(7)),
        open_file: true,
        adviser: false,
        paused: false,
        available_from: None,
        languages: Vec::new(),
        licences: Vec::new(),
        shown_support: Vec::new(),
    }
}
