//! `IUnitInfo` of VST3: a unit for each group of parameters, which is an Instr, below the root.

use super::link::Link;
use super::vst3_tables::{of, write_text};
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{
    IUnitInfo, IUnitInfoVtbl, UnitInfo, kNoParentUnitId, kNoProgramListId, kRootUnitId,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::{int32, kInvalidArgument, kResultOk, tresult};

/// nice-plug's functions with ours in place of two.
pub(super) fn functions(original: IUnitInfoVtbl) -> IUnitInfoVtbl {
    IUnitInfoVtbl {
        getUnitCount: get_unit_count,
        getUnitInfo: get_unit_info,
        ..original
    }
}

/// The groups in the order of their first slots: the n-th, counted from 1, is the unit of that id.
fn groups(link: &Link) -> Vec<String> {
    let mut groups: Vec<String> = Vec::new();
    for (_, face) in link.names.list() {
        if !face.group.is_empty() && !groups.contains(&face.group) {
            groups.push(face.group);
        }
    }
    groups
}

/// The unit of a group.
pub(super) fn unit_of(link: &Link, group: &str) -> int32 {
    let index = groups(link).iter().position(|known| known == group);
    index.map_or(kRootUnitId, |index| index as int32 + 1)
}

unsafe extern "system" fn get_unit_count(this: *mut IUnitInfo) -> int32 {
    // SAFETY: the host calls this on a patched object.
    let (_, link) = unsafe { of::<_, IUnitInfoVtbl>(this) };
    groups(link).len() as int32 + 1
}

unsafe extern "system" fn get_unit_info(
    this: *mut IUnitInfo,
    index: int32,
    info: *mut UnitInfo,
) -> tresult {
    // SAFETY: the host calls this on a patched object, with null or its memory for the answer.
    let ((_, link), info) = unsafe { (of::<_, IUnitInfoVtbl>(this), info.as_mut()) };
    let (Some(info), Ok(index)) = (info, usize::try_from(index)) else {
        return kInvalidArgument;
    };
    let (name, parent) = match index.checked_sub(1) {
        None => ("Root".to_owned(), kNoParentUnitId),
        Some(index) => match groups(link).into_iter().nth(index) {
            Some(group) => (group, kRootUnitId),
            None => return kInvalidArgument,
        },
    };
    info.id = index as int32;
    info.parentUnitId = parent;
    info.programListId = kNoProgramListId;
    write_text(&mut info.name, &name);
    kResultOk
}
