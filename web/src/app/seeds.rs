//! Runs of many seeds, and their bands on the charts.

use super::App;
use crate::seeds::{Shown, Status};
use crate::state::{Dialog, Msg, ToastAction, Tone};
use crate::texts::seeds;
use headroom_editor::{EditMsg, Phase};
use headroom_model::design::RunSettings;

impl App {
    pub(super) fn take_seeds(&mut self, msg: Msg) {
        match msg {
            Msg::RunSeeds(count) => {
                self.state().bands = None;
                self.seeds.start(self.state.design.clone(), count, &self.state.engine);
            }
            Msg::CancelSeeds => self.seeds.cancel(),
            Msg::SeedsDone => self.seeds_done(),
            Msg::ShowBands(show) => {
                let bands = self.seeds.outcome().filter(|_| show).map(Shown);
                self.state().bands = bands;
            }
            Msg::TakeSeed(seed) => {
                self.state().dialog = None;
                let run = RunSettings { seed, ..self.state.design.run.clone() };
                self.edit(EditMsg::SetRun { run, phase: Phase::Done });
            }
            _ => unreachable!("all other messages go elsewhere"),
        }
    }

    /// Another design is opened: what is known of the one before says nothing of it.
    pub(super) fn forget_seeds(&mut self) {
        self.seeds.forget();
        self.state().bands = None;
    }

    fn seeds_done(&mut self) {
        let outcome = self.seeds.outcome();
        let (text, tone) = match (&outcome, self.seeds.status()) {
            (Some(outcome), _) => {
                (self.state.lang.fill(seeds::READY, &[("n", &outcome.count.to_string())]), Tone::Plain)
            }
            (None, Status::Failed(message)) => {
                (self.state.lang.fill(seeds::FAILED, &[("message", &message)]), Tone::Bad)
            }
            (None, _) => return,
        };
        self.state().bands = outcome.map(Shown);
        if self.state.dialog == Some(Dialog::Seeds) {
            self.state().said = text;
        } else {
            self.notice(text, tone, Some(ToastAction::ShowSeeds));
        }
    }
}
