//! Intake: job-seekers, their contact data and consent, their anonymous profile.

mod arriving;
mod assisted;
mod consent;
mod contact_change;
mod desks;
mod facts;
mod profile;
mod registering;
mod rights;
mod second_number;
mod texting;

pub use arriving::*;
pub use assisted::*;
pub use consent::*;
pub use contact_change::*;
pub use desks::*;
pub(crate) use facts::forgotten;
pub use facts::*;
pub use profile::*;
pub use registering::*;
pub use rights::*;
pub use second_number::*;
pub use texting::*;

use crate::{Sealed, call::calls};

calls! { Intake {
    command "register": Register => CodeSent, from Portal;
    command "recognise": Recognise => Vec<Recognised>, from Portal;
    command "confirm_arrival": ConfirmArrival => (), from Portal;
    command "request_code": RequestCode => CodeSent, from Portal;
    command "confirm_code": ConfirmCode => CodeOutcome, from Portal;
    query "my_details": MyDetails => Sealed<Details>, from Portal;
    command "change_wishes": ChangeWishes => (), from Portal;
    command "change_needs": ChangeNeeds => (), from Portal;
    command "change_background": ChangeBackground => (), from Portal;
    command "confirm_background": ConfirmBackground => (), from Portal;
    command "change_identity": ChangeIdentity => (), from Portal;
    command "release_contact": ReleaseContact => Released, from Portal;
    command "change_contact": ChangeContact => CodeSent, from Portal;
    command "change_contact_at_desk": ChangeContactAtDesk => CodeSent, from Portal;
    command "confirm_contact_at_desk": ConfirmContactAtDesk => CodeOutcome, from Portal;
    command "set_second_number": SetSecondNumber => (), from Portal;
    command "set_consent": SetConsent => ConsentOutcome, from Portal;
    command "open_contact": OpenContact => Sealed<Reach>, from Portal;
    command "share_contact": ShareContact => (), from Portal;
    query "who_texts": WhoTexts => Vec<Texter>, from Portal;
    query "reach": ReachOf => Sealed<Vec<Option<Reach>>>, from Notifier;
    command "request_helped_code": RequestHelpedCode => CodeSent, from Portal;
    command "register_assisted": RegisterAssisted => AssistedOutcome, from Portal;
    query "my_people": MyPeople => Sealed<Vec<HelpedPerson>>, from Portal;
    command "set_helper_access": SetHelperAccess => (), from Portal;
    command "disown_registration": DisownRegistration => LetterOutcome, from Portal;
    command "take_over": TakeOver => LetterOutcome, from Portal;
    command "pause": Pause => (), from Portal;
    command "still_looking": StillLooking => (), from Portal;
    command "set_digest": SetDigest => (), from Portal;
    query "my_export": MyExport => Sealed<Export>, from Portal;
    query "my_looks": MyLooks => Vec<ContactLook>, from Portal;
    command "erase_me": EraseMe => (), from Portal;
    query "erasures": Erasures => Vec<Erasure>, from Portal;
    query "duplicates": Duplicates => SealedDuplicates, from Portal;
    command "decide_duplicate": DecideDuplicate => (), from Portal;
    query "desks_for": DesksFor => Vec<Desk>, from Portal;
    query "desks": Desks => Vec<Desk>, from Portal;
    command "change_desk": ChangeDesk => (), from Portal;
    command "refer_me": ReferMe => ReferralView, from Portal;
    command "withdraw_referral": WithdrawReferral => (), from Portal;
    command "referrals": Referrals => Sealed<Vec<ReferralLine>>, from Portal;
    command "follow_up_referral": FollowUpReferral => (), from Portal;
    command "load_demo_people": LoadDemoPeople => Loaded, from Portal;
} }
