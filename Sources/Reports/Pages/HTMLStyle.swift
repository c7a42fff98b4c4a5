extension HTMLPage {
    /// One column that narrow screens and paper take as well; wide tables scroll by themselves.
    static let style = """
        *{box-sizing:border-box}
        body{margin:0;background:var(--background);color:var(--text);font:16px/1.5 system-ui,sans-serif}
        main{max-width:56rem;margin:0 auto;padding:1.5rem 1rem 4rem}
        h1{font-size:1.6rem;line-height:1.25;margin:2rem 0 .5rem}
        h2{font-size:1.15rem;margin:2rem 0 .5rem}
        .question{font-size:1.1rem;color:var(--muted);margin:.25rem 0 1rem}
        .answer{border-left:4px solid var(--first);background:var(--panel);padding:.5rem 1rem}
        .answer p{margin:.4rem 0}
        .answer p:first-child{font-weight:600}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0}
        dt{color:var(--muted)}
        dd{margin:0;overflow-wrap:anywhere}
        code{font:.9em/1.4 ui-monospace,monospace}
        pre{overflow-x:auto;background:var(--panel);padding:.75rem 1rem;margin:.75rem 0}
        a{color:var(--first)}
        ul{padding-left:1.2rem}
        .table{overflow-x:auto;margin:.75rem 0}
        table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
        th,td{text-align:left;font-weight:400;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--grid);\
        vertical-align:top}
        thead th{color:var(--muted);font-weight:600;border-bottom-color:var(--muted)}
        .n{text-align:right}
        figure{margin:1.5rem 0;break-inside:avoid}
        figcaption span{display:block;color:var(--muted);font-size:.9rem}
        figure svg{width:100%;height:auto;display:block;margin-top:.5rem}
        svg text{font-family:system-ui,sans-serif}
        .legend{list-style:none;padding:0;margin:.5rem 0 0;display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;font-size:.9rem}
        .legend li::before{content:"";display:inline-block;width:1.1rem;height:.65rem;margin-right:.4rem;\
        background:var(--ink)}
        summary{cursor:pointer;color:var(--muted);font-size:.9rem}
        """
}
