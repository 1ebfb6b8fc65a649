"""Words that names in code are often made of; ``tiny``'s vocabulary has each of them as one token.

A model as small as ``tiny`` replaces a name much sooner where the name is one token than where it is several.
"""

WORDS: tuple[str, ...] = tuple(
    """
    abort absolute accept access account action active actor adapt add address adjust after age agent alarm
    album alias align allocate allow alpha amount anchor angle animal answer append apply archive area
    argument array article assert asset assign async attach attempt author average award axis back badge
    balance band bank bar base basic batch bay beacon beam bean before begin best beta between bias bill bin
    bind bit blank blob block board body bolt bonus book boost border bottom bound box branch brand break
    bridge brief bring broker brush bucket budget buffer build bulk bundle button buy byte cabin cache
    calendar call camera cancel candidate cap capacity capture car card care cart case cast catalog category
    ceiling cell center chain change channel chapter char charge chart check child choice choose chunk circle
    city claim class clean clear client clip clock clone close cloud cluster code coin collect color column
    combine command comment commit compare compile complete component compute condition config confirm connect
    console const contact contain content context continue control convert cook cookie copy core corner
    correct cost count counter country course cover crate create credit crew crop cross current cursor curve
    custom customer cycle daily data date day deal debit debug decide deck decode deep default define degree
    delay delete delta demand depot depth describe design detail detect device dialog diff digest digit direct
    discount display distance divide dock document domain done door double down draft drag draw drive driver
    drop due dump duration each early edge edit effect element else email emit empty enable encode end energy
    engine ensure enter entity entry enum equal error escape estimate even event every exact examine example
    except exchange exit expand expect expire export express extend extra face facet fact factor fail false
    fan far fare farm fast favorite feature fee feed fetch field figure file fill filter final find finish
    first fit fix flag flat fleet flight float floor flow flush focus folder follow font for force form format
    forward found frame free frequency friend from front full function future gain game garden gate gauge gear
    general get gift give global goal good grade grain graph gray green grid gross group grow guard guess
    guest guide hall hand handle harbor hard hash head header heap heat heavy height help hero hidden high
    hint history hold home hook host hour house icon idea ignore image import inch include index info init
    inject inline inner input insert inspect instance int integer interest inter interval invert invoice
    island issue item iterate job join journal journey json judge jump just keep kernel key kind kit lab label
    lake lamp lane language large last late latitude launch layer layout lead leader leaf learn least leave
    ledger left length letter level library license light like limit line linear link list listen load local
    location lock log logic long loop lot low machine magic mail main make maker manage map margin mark market
    mass master match matrix max maximum measure media member memo memory menu merge message meta meter method
    metric middle min minimum minute mirror missing mix mode model modify module moment money monitor month
    more motor motto mount move multiply museum mute name near need nest net network never new next night node
    noise none normal not note notice notify null number object observe offer office offset old open operator
    option orange order origin other outer output over own owner pace pack package pad page paint pair panel
    parameter parent park parse part party pass password patch path patient pattern pause pay peak peer
    pending percent period person phase phone photo pick picture pilot pin pipe pixel place plan plant plate
    play player plot plug point pointer policy poll pool port position post power prefix prepare present press
    prev previous price primary prime print prior private prize probe process product profile profit program
    progress project promise prompt proof property provide proxy public publish pull pulse pump purpose push
    put quality quantity query question queue quick quiet quota quote race radius rail raise random range rank
    rate ratio raw reach read ready real reason receive recent record rect redo reduce refresh region register
    reject relation release reload remain remote remove rename render repair repeat replace reply report
    request require reserve reset resize resolve resource response rest restore result resume retry return
    reverse review reward ride right ring rise risk river road role roll room root rotate rough round rounds
    route row rule run safe salary sale same sample save scale scan scene schedule schema scope score screen
    script scroll seal search season seat second secret section seed select self sell send sensor sentence
    sequence serial server service session set setting setup shade shape share sheet shelf shield shift ship
    shop short show shuffle side sign signal silent simple single sink site size skill skip sleep slice slide
    slot small smart snap socket solid solve some song sort sound source space span spare spawn speed spend
    spin split spot square stack staff stage stamp stand star start state static station status steel stem
    step stock stone stop storage store storm strain strategy stream street stress stretch strict string strip
    strong struct studio style subject submit sum summary super supply support surface swap sweep switch
    symbol sync system table tag tail take tally target task tax team temp template term test text theme then
    thread threshold ticket tile time timeout title today toggle token tool top topic total touch tower town
    trace track trade traffic train transfer transform trap travel tree trend trigger trim trip true trust try
    tube tune turn twice type under undo union unique unit unlock until update upload upper use user vacant
    valid validate value van variable vector vehicle verb verify version vertex very vessel video view visible
    visit voice volume vote wait walk wall warm warn watch wave way weather week weight wheel while wide
    widget width wind window winner wire with word work worker world wrap write year zero zone auto bool catch
    def elif extends fn fun func impl implements interface let mut nil println printf protected pub typedef
    val var void std
    """.split()  # noqa: SIM905 - a list of literals is ten times as long
)
