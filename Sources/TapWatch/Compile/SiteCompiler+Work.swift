import TapConfig
import TapCore

extension SiteCompiler {
    /// Of each kind of work: true while it excuses; and the atoms of that. Never blocks.
    static func work(of site: Site) -> [(work: WatchedWork, atoms: [String: RuleAtom])] {
        site.work.map { work in
            var compiler = SiteCompiler(site)
            let seen = compiler.formula(work.seen)
            // From when it is seen for longer than it may take, it is no such work any more.
            let whole = Formula.and(seen, .not(.historically(FormulaWindow(upTo: work.longest), seen)))
            let excusing = work.after > .zero ? Formula.once(FormulaWindow(upTo: work.after), whole) : whole
            let permit = work.needsPermit ? compiler.permit(work) : nil
            return (
                WatchedWork(
                    name: work.name, excuses: work.excuses, handling: work.handling, formula: excusing, permit: permit),
                compiler.atoms
            )
        }
    }

    /// What is said of work that nobody permits.
    func claimedWork() -> [RuleFormula] {
        site.work.compactMap { work in
            guard let claimed = work.claimedBy else { return nil }
            var compiler = self
            let wrong = Formula.and(compiler.formula(claimed), .not(compiler.permit(work)))
            return RuleFormula(name: "\(work.name) claimed", formula: .not(wrong), atoms: compiler.atoms)
        }
    }

    private mutating func permit(_ work: SiteWork) -> Formula { atom("\(work.name) permitted", .permit(work.name)) }
}
