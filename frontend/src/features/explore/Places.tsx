import { useGetPlaces } from '@/api/generated';
import type { Country } from '@/api/generated/model';
import { BarList } from '@/components/charts/BarList';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { capital, dayShort, duration, percent, plural } from '@/lib/format';
import { duringPhrase } from '@/lib/span';
import { country, device, isCountry } from '@/lib/reasons';

/** Only what is told counts as somewhere. */
function whereTitle(countries: Country[]): string {
  const [home, ...others] = countries.filter((one) => isCountry(one.country));
  if (!home) return 'In which countries you listen, nobody told';
  if (others.length > 0) return `Music in ${plural(others.length + 1, 'country', 'countries')}`;
  return `${countries.length === 1 ? 'All' : 'As far as anybody told, all'} of it in ${country(home.country)}`;
}

/** On what and where. */
export function Places({ span, against }: { span: string; against: string | null }) {
  const places = useGetPlaces({ span });
  const other = useGetPlaces({ span: against ?? span }, { query: { enabled: against !== null } });
  const beside = against === null ? null : (other.data ?? null);
  const before = (share: number | undefined) => against && beside && `${percent(share ?? 0)} ${duringPhrase(against)}`;
  return (
    <QueryView query={places} what="find where you listened" empty={(data) => data.devices.length === 0 && <></>}>
      {({ devices, countries }) => {
        const [first] = devices;
        return (
          <div className="grid gap-x-12 gap-y-16 lg:grid-cols-2">
            {first && (
              <Panel title={first.device === null ? 'On what you listen, nobody told' : `${capital(percent(first.share))} of the time: ${device(first.device)}`}>
                <BarList
                  label="Devices by time listened"
                  bars={devices.map((one) => ({
                    key: one.device ?? '',
                    name: device(one.device),
                    by: before(beside?.devices.find((old) => old.device === one.device)?.share) ?? duration(one.ms_played),
                    value: one.share,
                    told: percent(one.share, one.share < 0.01 ? 1 : 0),
                  }))}
                />
              </Panel>
            )}
            {countries.length > 0 && (
              <Panel title={whereTitle(countries)}>
                <BarList
                  label="Countries by time listened"
                  bars={countries.map((one) => ({
                    key: one.country ?? '',
                    name: country(one.country),
                    by:
                      before(beside?.countries.find((old) => old.country === one.country)?.share) ??
                      `${plural(one.days, 'day')}, ${one.first_day === one.last_day ? dayShort(one.first_day) : `${dayShort(one.first_day)} – ${dayShort(one.last_day)}`}`,
                    value: one.share,
                    told: percent(one.share, one.share < 0.01 ? 1 : 0),
                  }))}
                />
              </Panel>
            )}
          </div>
        );
      }}
    </QueryView>
  );
}
